import { registerGroup } from './register.js';

await registerGroup(5);
