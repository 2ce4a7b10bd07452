/**
 * `<scope-picker>` in Svelte 5: `import type {} from 'scopewise/picker/svelte'`.
 *
 * @module
 */
import type { HTMLAttributes } from 'svelte/elements';

import type { PickerDetail, PickerErrorDetail, PickerProperties, ScopePicker } from './picker.js';

type Props = Omit<HTMLAttributes<ScopePicker>, 'oninput' | 'onchange' | 'onerror'> &
  Partial<PickerProperties> & {
    density?: 'comfortable' | 'compact';
    oninput?: (event: CustomEvent<PickerDetail>) => void;
    onchange?: (event: CustomEvent<PickerDetail>) => void;
    onready?: (event: CustomEvent<PickerDetail>) => void;
    onerror?: (event: CustomEvent<PickerErrorDetail>) => void;
  };

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'scope-picker': Props;
  }
}
