/**
 * Node-RED loads this: the account and the node "mail send".
 *
 * Everything that is about mail is given here; lib/ without its stock_* files serves any component.
 */
'use strict';

const register = require('./lib/register');
const { fromMessage } = require('./lib/stock_message');
const { status } = require('./lib/stock_words');

module.exports = register(require('./panel.json'), {
    packageDir: __dirname,
    fromMessage,
    status,
    prefix: 'MailSend: failed to send mail: ',
    connecting: ['settings', 'input', 'resolve', 'connect', 'tls', 'greeting', 'ehlo', 'starttls', 'token', 'auth'],
});
