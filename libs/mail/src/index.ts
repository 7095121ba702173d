/** Mail that people read: invitations and password resets, through SMTP. */
export { MailError, type MailTrouble } from './mail-error.js';
export { MailModule } from './mail.module.js';
export { Mailer, type Mail } from './mailer.js';
