//! A port for a program that cannot choose one itself, such as a gateway. Nothing else gets the number while the value lives: no test,
//! since each of them first takes the UDP port of the same number, and nobody who asks the operating system for any free port, since
//! the number is not one of those that it hands out.

use std::{
    net::{SocketAddr, TcpListener, UdpSocket},
    process,
};

/// Below the ports that Linux hands out (32768 and up), above those of well-known services.
const FIRST: u16 = 20_000;
const COUNT: u32 = 12_000;

pub struct Port {
    number: u16,
    _reserved: UdpSocket,
}

impl Port {
    pub fn reserve() -> Self {
        // Test programs that run side by side begin in different places.
        let begin = process::id().wrapping_mul(97) % COUNT;
        let numbers = (0..COUNT).map(|step| FIRST + u16::try_from((begin + step) % COUNT).unwrap());
        numbers.filter_map(Self::of).next().expect("there is a free port")
    }

    fn of(number: u16) -> Option<Self> {
        let reserved = UdpSocket::bind(("127.0.0.1", number)).ok()?;
        // Another program may listen there.
        TcpListener::bind(("127.0.0.1", number)).ok()?;
        Some(Self { number, _reserved: reserved })
    }

    pub fn number(&self) -> u16 {
        self.number
    }

    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.number))
    }
}

#[test]
fn no_port_is_reserved_twice() {
    let ports: Vec<Port> = (0..20).map(|_| Port::reserve()).collect();
    let mut numbers: Vec<u16> = ports.iter().map(Port::number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), ports.len());
    assert!(ports.iter().all(|port| Port::of(port.number()).is_none()));
}
