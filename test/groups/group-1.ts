import { registerGroup } from './register.js';

await registerGroup(1);
