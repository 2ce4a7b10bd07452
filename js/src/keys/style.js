// The styles of <scopewise-keys>. A page changes the custom properties and the parts. Light or dark is what `color-scheme` says in the page.

export const STYLES = `
:host {
  --ink: light-dark(#191e1c, #e8ecea);
  --ink-soft: light-dark(#4d5653, #aab4b0);
  --line: light-dark(#cfccc2, #3b4340);
  --surface: light-dark(#ffffff, #191d1c);
  --accent: light-dark(#0b6b66, #58cdc1);
  --on-accent: light-dark(#ffffff, #04211e);
  --error: light-dark(#ad241c, #ff9d92);
  --warning: light-dark(#855000, #f0bb57);
  --fine: light-dark(#1d6a3a, #82d49e);
  --sans: system-ui, sans-serif;
  --mono: ui-monospace, Menlo, Consolas, monospace;
  display: block;
  container-type: inline-size;
  color: var(--ink);
  font: 0.875rem/1.45 var(--sans);
}
:host([hidden]) { display: none; }
scope-picker { --accent: inherit; --on-accent: inherit; --ink: inherit; --ink-soft: inherit; --surface: inherit; --error: inherit; --warning: inherit; --fine: inherit; --sans: inherit; --mono: inherit; }
* { box-sizing: border-box; }
h2, h3, p { margin: 0; }
h2 { font-size: 1.125rem; }
h3 { font-size: 1rem; margin-block-end: 0.75rem; overflow-wrap: anywhere; }
code { font-family: var(--mono); font-size: 0.8125rem; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; justify-content: space-between; margin-block-end: 0.75rem; }
button, input, select {
  font: inherit; color: inherit; min-block-size: 2.25rem; padding: 0.25rem 0.75rem; border: 1px solid var(--line); border-radius: 0.375rem;
  background: var(--surface); max-inline-size: 100%;
}
button { cursor: pointer; font-weight: 550; }
button[aria-disabled="true"] { cursor: progress; text-decoration: underline dotted; }
button[part~="primary"] { background: var(--accent); border-color: transparent; color: var(--on-accent); }
button[part~="danger"] { border-color: var(--error); color: var(--error); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ul { list-style: none; margin: 0; padding: 0; }
[part="list"] { border: 1px solid var(--line); border-radius: 0.625rem; background: var(--surface); margin-block-end: 0.75rem; }
[part="key"] { display: grid; grid-template-columns: 1fr auto; gap: 0.25rem 1rem; align-items: center; padding: 0.75rem 1rem; }
[part="key"] + [part="key"] { border-block-start: 1px solid var(--line); }
[part="line"] { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; min-inline-size: 0; }
[part="name"] { font-weight: 600; overflow-wrap: anywhere; unicode-bidi: isolate; }
[part="facts"], [part="hint"], summary { color: var(--ink-soft); }
[part="facts"], [part="scopes"] { grid-column: 1; }
[part="actions"] { grid-column: 2; grid-row: 1 / span 3; display: flex; gap: 0.5rem; }
[part~="status"] { font-weight: 550; color: var(--fine); }
[part~="expires-soon"] { color: var(--warning); }
[part~="expired"], [part~="disabled"] { color: var(--ink-soft); }
[part="scopes"] ul { padding-block: 0.25rem; columns: 14rem; }
[part="message"] { color: var(--ink-soft); padding-block: 0.5rem; }
[part="error"] { color: var(--error); padding-block: 0.5rem; overflow-wrap: anywhere; }
dialog {
  color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 0.625rem; padding: 1.25rem;
  inline-size: min(52rem, calc(100vw - 2rem)); max-block-size: calc(100dvh - 2rem); overflow: auto;
}
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
form { display: grid; gap: 0.375rem; }
label, #scopes-label { font-weight: 550; margin-block-start: 0.5rem; margin-inline-end: 0.5rem; }
[part="buttons"] { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: flex-end; margin-block-start: 1rem; }
[part="secret"] { inline-size: 100%; font-family: var(--mono); margin-block: 0.75rem; }
@container (max-width: 30rem) {
  [part="key"] { grid-template-columns: 1fr; }
  [part="actions"] { grid-column: 1; grid-row: auto; }
}
`;
