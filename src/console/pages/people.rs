//! The people of a server: who can sign in, inviting others, and ending their access.

use leptos::{html, prelude::*, task::spawn_local};

use super::people_table::PeopleTable;
use crate::{
    api::{InviteAccount, InvitedAccount, ListedAccount},
    console::{
        app::focus_heading,
        client::{self, ClientError},
        components::{
            ConfirmDialog, CopyButton, Failure, Loading, TextField, focus_first_problem,
            icons::{Icon, WARNING},
            if_closed, keep_open,
        },
        load::{LoadState, load, set_if_alive},
        route::Page,
        router::{Guard, use_router},
        state::{PersonAction, email_problem, invitation_link, name_problem, person_name, shown},
        toast::use_toasts,
    },
};

const NOT_COPIED: Guard = Guard {
    title: "Leave without the link?",
    text: "You have not copied the invitation link, and you cannot see it again. You can create a new one.",
    leave: "Leave without it",
};

/// What is about to be done, and to whom.
type Asked = Option<(PersonAction, ListedAccount)>;

#[component]
pub(in crate::console) fn PeoplePage() -> impl IntoView {
    let (router, toasts) = (use_router(), use_toasts());
    let people = load(client::people::list);
    let inviting = RwSignal::new(false);
    let (fresh, copied) = (RwSignal::new(None::<InvitedAccount>), RwSignal::new(false));
    effect(move |_| router.set_guard((fresh.with(Option::is_some) && !copied.get()).then_some(NOT_COPIED)));
    on_cleanup(move || router.set_guard(None));
    let show_link = Callback::new(move |invited: InvitedAccount| {
        copied.set(false);
        fresh.set(Some(invited));
        inviting.set(false);
        people.reload.run(());
        super::focus("invitation-title");
    });
    let asked = RwSignal::new(None::<(PersonAction, ListedAccount)>);
    let busy = RwSignal::new(false);
    let act = move |(action, account): (PersonAction, ListedAccount)| {
        busy.set(true);
        spawn_local(async move {
            let id = account.id.as_str();
            let done = match action {
                PersonAction::NewLink => client::people::invite_again(id).await.map(|invited| {
                    show_link.try_run(invited);
                }),
                PersonAction::SignOut => client::people::end_sessions(id).await,
                PersonAction::Disable => client::people::set_status(id, false).await,
                PersonAction::Enable => client::people::set_status(id, true).await,
                PersonAction::Delete => client::people::delete(id).await,
            };
            set_if_alive(busy, false);
            set_if_alive(asked, None);
            match done {
                Ok(()) => {
                    toasts.say(action.done(&shown(person_name(&account))), None);
                    // The link of a deleted or invited person is of no use any more.
                    let gone = |held: &mut Option<InvitedAccount>| held.take_if(|held| held.account.id == account.id).map(drop);
                    if action == PersonAction::Delete {
                        let _: Option<Option<()>> = fresh.try_update(gone);
                    }
                    if action != PersonAction::NewLink {
                        people.reload.try_run(());
                        focus_heading();
                    }
                }
                Err(problem) => toasts.say(problem.text(), None),
            }
        });
    };
    let on_act = Callback::new(move |wanted: (PersonAction, ListedAccount)| match wanted.0.question() {
        Some(_) => asked.set(Some(wanted)),
        None => act(wanted),
    });
    let body = dynamic(move || match people.value.get() {
        LoadState::Loading => view! { <Loading what="people" /> }.into_any(),
        LoadState::Failed(error) => view! { <Failure error on_retry=people.reload /> }.into_any(),
        LoadState::Ready(list) => view! { <PeopleTable people=list.accounts on_act /> }.into_any(),
    });
    let link =
        dynamic(move || fresh.get().map(|invited| view! { <LinkPanel invited on_copied=Callback::new(move |()| copied.set(true)) /> }));
    view! {
        <div class="page-head">
            <h1 class="title" tabindex="-1">"People"</h1>
            <button type="button" class="button" data-kind="primary" on:click=move |_| inviting.set(true)>"Invite person"</button>
        </div>
        <p class="lead">"Everyone with an account on this server. All accounts have the same rights: they manage every project, every key and the other accounts."</p>
        {link}
        {body}
        <p class="audit-more"><a href=Page::ServerAudit.path()>"Audit log of accounts and sessions"</a></p>
        <InviteDialog open=inviting on_invited=show_link />
        <ActionDialog asked busy on_confirm=Callback::new(act) />
    }
}

/// Asks before something is done to an account.
#[component]
fn ActionDialog(asked: RwSignal<Asked>, busy: RwSignal<bool>, on_confirm: Callback<(PersonAction, ListedAccount)>) -> impl IntoView {
    // Kept while the dialog closes, so that its text does not vanish first.
    let words = Memo::new(move |before: Option<&Asked>| asked.get().or(before.cloned().flatten()));
    let title =
        move || words.with(|words| words.as_ref().map(|(action, account)| action.title(&shown(person_name(account)))).unwrap_or_default());
    let action = move || words.with(|words| words.as_ref().map(|(action, _)| *action));
    view! {
        <ConfirmDialog
            id="person-action"
            open=Signal::derive(move || asked.with(Option::is_some))
            title=Signal::derive(title)
            confirm=Signal::derive(move || action().map_or("", PersonAction::label).to_owned())
            busy
            on_cancel=Callback::new(move |()| asked.set(None))
            on_confirm=Callback::new(move |()| {
                if let Some(wanted) = asked.get_untracked() {
                    on_confirm.run(wanted);
                }
            })
        >
            <p>{move || action().and_then(PersonAction::question)}</p>
        </ConfirmDialog>
    }
}

/// The link of an invitation, which is shown once.
#[component]
fn LinkPanel(invited: InvitedAccount, on_copied: Callback<()>) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let link = invitation_link(&origin, &Page::Invitation.path(), &invited.token);
    let who = shown(person_name(&invited.account));
    view! {
        <section class="secret" aria-labelledby="invitation-title">
            <h2 class="secret-title" id="invitation-title" tabindex="-1">
                <Icon path=WARNING />
                "Copy the invitation link now"
            </h2>
            <p class="secret-about">
                "Send it to "<bdi>{who}</bdi>". It works once, for seven days. This server sends no email, and you cannot see the link again."
            </p>
            <div class="secret-line">
                <code class="secret-text" aria-label="Invitation link" role="group">{link.clone()}</code>
                <CopyButton text=Signal::stored(link) what="invitation link" prominent=true on_copied />
            </div>
        </section>
    }
}

#[component]
fn InviteDialog(open: RwSignal<bool>, on_invited: Callback<InvitedAccount>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    keep_open(dialog, open.into(), || ());
    view! {
        <dialog class="dialog" aria-labelledby="invite-title" node_ref=dialog on:close=move |event| if_closed(&event, || open.set(false))>
            <h2 class="dialog-title" id="invite-title">"Invite person"</h2>
            {move || open.get().then(|| view! { <InviteForm on_invited on_cancel=Callback::new(move |()| open.set(false)) /> })}
        </dialog>
    }
}

#[component]
fn InviteForm(on_invited: Callback<InvitedAccount>, on_cancel: Callback<()>) -> impl IntoView {
    let [email, name] = [(); 2].map(|()| RwSignal::new(String::new()));
    let [email_fault, name_fault] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let error = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let body = InviteAccount { email: email.get_untracked().trim().to_owned(), name: name.get_untracked().trim().to_owned() };
        email_fault.set(email_problem(&body.email));
        name_fault.set(name_problem(&body.name));
        error.set(None);
        if email_fault.with_untracked(Option::is_some) || name_fault.with_untracked(Option::is_some) {
            return focus_first_problem();
        }
        busy.set(true);
        spawn_local(async move {
            match client::people::invite(&body).await {
                Ok(invited) => {
                    on_invited.try_run(invited);
                }
                Err(refused) => set_if_alive(error, Some(refused)),
            }
            set_if_alive(busy, false);
        });
    };
    view! {
        <form class="stack" on:submit=submit novalidate>
            <TextField id="invite-email" label="Email" value=email kind="email" required=true problem=email_fault />
            <TextField id="invite-name" label="Name" value=name hint=Signal::stored("Optional.".to_owned()) problem=name_fault />
            {move || error.get().map(|error| view! { <Failure error /> })}
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| on_cancel.run(())>"Cancel"</button>
                <button type="submit" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string()>
                    {move || if busy.get() { "Inviting…" } else { "Create invitation link" }}
                </button>
            </div>
        </form>
    }
}
