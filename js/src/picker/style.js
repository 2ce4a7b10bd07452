// The styles: one sheet, shared by all pickers of a document.

const CSS = '@CSS@';

const sheets = new WeakMap();

/** The sheet for a document. An adopted sheet is not an inline style: a strict content security policy allows it. */
export function sheetOf(document) {
  const view = document.defaultView ?? window;
  let sheet = sheets.get(document);
  if (!sheet) {
    sheet = new view.CSSStyleSheet();
    sheet.replaceSync(CSS);
    sheets.set(document, sheet);
  }
  return sheet;
}
