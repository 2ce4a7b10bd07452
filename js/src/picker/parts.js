// The parts of the picker that a page can style.

const PARTS = {
  picker: '.picker',
  toolbar: '.picker-bar',
  search: 'input[type="search"]',
  list: '.picker-list',
  report: '.picker-side',
};

/** Names the parts in what is shown, also when it is shown again with other texts. */
export function nameParts(content) {
  const name = () => {
    for (const [part, selector] of Object.entries(PARTS)) content.querySelector(selector)?.setAttribute('part', part);
  };
  new MutationObserver(name).observe(content, { childList: true });
}
