// The service of harbor.yaml, which reads paths as laxly as some frameworks do: letter case, a slash at the end and what stands
// behind a semicolon do not count. It answers with the operation that it would serve.
//
//   node tests/gateways/harbor.js      prints its port on 127.0.0.1

import { createServer } from 'node:http';

const routes = [
  ['GET', /^\/ships$/, 'listShips'],
  ['POST', /^\/ships$/, 'registerShip'],
  ['GET', /^\/ships\/lost$/, 'listLostShips'],
  ['GET', /^\/ships\/named\(name='[^/]+'\)$/, 'findShip'],
  ['POST', /^\/ships\/[^/]+:scuttle$/, 'scuttleShip'],
  ['GET', /^\/ships\/[^/]+$/, 'getShip'],
  ['GET', /^\/ships\/[^/]+\/cargo\/[^/]+\.[^/]+$/, 'exportCargo'],
  ['GET', /^\/ships\/[^/]+\/cargo\/[^/]+$/, 'getCargo'],
  ['GET', /^\/health$/, 'getHealth'],
  ['GET', /^\/whoami$/, 'whoAmI'],
  ['GET', /^\/logbook$/, 'readLogbook'],
];

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url.split('?')[0]).toLowerCase().replaceAll(/;[^/]*/g, '').replace(/\/$/, '');
  const under = path.startsWith('/api/v2/') ? path.slice('/api/v2'.length) : '';
  const found = routes.find(([method, route]) => method === request.method && route.test(under));
  response.end(`serves: ${found ? found[2] : 'nothing'}\r\n`);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
