/**
 * Defines `<scope-picker>`.
 *
 * @module
 */
import type { PickerDetail, PickerErrorDetail, ScopePicker } from './picker.js';

export * from './picker.js';

declare global {
  interface HTMLElementTagNameMap {
    'scope-picker': ScopePicker;
  }
  /** The events of `<scope-picker>`, for a listener: `(event: ScopePickerEvent) => event.detail.value`. */
  type ScopePickerEvent = CustomEvent<PickerDetail>;
  type ScopePickerErrorEvent = CustomEvent<PickerErrorDetail>;
}
