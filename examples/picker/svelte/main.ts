import '../page.css';
import 'scopewise/picker/define';

import { mount } from 'svelte';

import App from './App.svelte';

mount(App, { target: document.querySelector('#app')! });
