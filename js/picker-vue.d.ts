/**
 * `<scope-picker>` in templates of Vue 3: `import type {} from 'scopewise/picker/vue'`.
 *
 * @module
 */
import type { DefineComponent } from 'vue';

import type { PickerDetail, PickerErrorDetail, PickerProperties } from './picker.js';

type Props = Partial<PickerProperties> & {
  density?: 'comfortable' | 'compact';
  onInput?: (event: CustomEvent<PickerDetail>) => void;
  onChange?: (event: CustomEvent<PickerDetail>) => void;
  onReady?: (event: CustomEvent<PickerDetail>) => void;
  onError?: (event: CustomEvent<PickerErrorDetail>) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'scope-picker': DefineComponent<Props>;
  }
}
