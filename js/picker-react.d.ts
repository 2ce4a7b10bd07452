/**
 * `<scope-picker>` in JSX of React 19: `import type {} from 'scopewise/picker/react'`.
 *
 * @module
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

import type { PickerDetail, PickerErrorDetail, PickerProperties, ScopePicker } from './picker.js';

type Props = Omit<DetailedHTMLProps<HTMLAttributes<ScopePicker>, ScopePicker>, 'onChange' | 'onInput' | 'onError'> &
  Partial<PickerProperties> & {
    density?: 'comfortable' | 'compact';
    // In lower case: React hands such listeners the event of the element, and `onChange` an event of its own, without `detail`.
    oninput?: (event: CustomEvent<PickerDetail>) => void;
    onchange?: (event: CustomEvent<PickerDetail>) => void;
    onready?: (event: CustomEvent<PickerDetail>) => void;
    onerror?: (event: CustomEvent<PickerErrorDetail>) => void;
  };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'scope-picker': Props;
    }
  }
}
