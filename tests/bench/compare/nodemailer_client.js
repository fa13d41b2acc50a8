// nodemailer as its documentation shows it: node nodemailer_client.js OPTIONS (one JSON document).
//
// {"port", "secure", "authority", "messages", "mode", "connections", "file"}; mode is "pool" (as many sends under way as
// keep every connection busy), "queued" (all messages handed over at once) or "single" (a connection for each message).
// Prints one JSON line as the other clients do.
'use strict';

const fs = require('fs');
const { createRequire } = require('module');

const options = JSON.parse(process.argv[2]);
const nodemailer = createRequire(`${options.modules}/`)('nodemailer');

function textOf(number) {
    let text = `Dear customer ${number},\r\n`;
    while (text.length < 1000) text += 'the numbers of today are in this letter, and nothing else is in it.\r\n';
    return text;
}

function messageOf(number) {
    const message = { from: 'alice@example.test', to: `bob${options.merge ? number : ''}@example.test`,
        subject: `Report ${number}`, text: textOf(number) };
    if (options.file) message.attachments = [{ path: options.file }];
    return message;
}

function peakKib() {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1]);
}

async function main() {
    const transport = { host: '127.0.0.1', port: options.port, secure: Boolean(options.secure) };
    if (options.secure) transport.tls = { ca: fs.readFileSync(options.authority) };
    else transport.ignoreTLS = true;
    if (options.mode !== 'single') Object.assign(transport, { pool: true, maxConnections: options.connections, maxMessages: Infinity });

    const began = process.hrtime.bigint();
    const cpuBefore = process.cpuUsage();
    const mailer = nodemailer.createTransport(transport);
    let next = 0;
    const worker = async () => {
        while (next < options.messages) await mailer.sendMail(messageOf(next++));
    };
    const atOnce = { pool: 2 * options.connections, queued: options.messages, single: options.connections }[options.mode];
    await Promise.all(Array.from({ length: Math.min(atOnce, options.messages) }, worker));
    const wall = Number(process.hrtime.bigint() - began) / 1e9;
    const cpu = process.cpuUsage(cpuBefore);
    mailer.close();
    console.log(JSON.stringify({ messages: options.messages, wall_s: wall, cpu_s: (cpu.user + cpu.system) / 1e6, peak_kib: peakKib() }));
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
