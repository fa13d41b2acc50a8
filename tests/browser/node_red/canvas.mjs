// What a person does who has never seen MailSend, from an empty canvas to mail. The job comes as JSON in argv[2]; what was seen
// goes out as JSON on standard output.
import { Editor } from './editor.mjs';
import { Panel } from './panel.mjs';

const job = JSON.parse(process.argv[2]);
const modules = new URL(`file://${process.env.NODE_MODULES}/`);
const { chromium } = await import(new URL('playwright-core/index.mjs', modules));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ locale: job.locale, viewport: { width: 1500, height: 1000 } });
const page = await context.newPage();
page.setDefaultTimeout(30000);
const seen = { console: [] };
page.on('pageerror', (error) => seen.console.push(String(error)));
const editor = new Editor(page, job.url, (name) => `${job.shots}/${name}-${job.locale.slice(0, 2)}.png`);
const panel = new Panel(editor);

/** What must hold wherever a dialog stands. */
async function look(name) {
  await editor.shot(name);
  (seen.raw ??= []).push(...await panel.rawKeys());
  (seen.cut ??= []).push(...(await panel.cutOff()).map((each) => `${name}: ${each}`));
}

async function presets() {
  await editor.choose('config', 'server_kind', 'preset');
  await editor.choose('config', 'server_provider', 'gmail');
  await editor.choose('config', 'auth_method', 'oauth2');
  await look('account-gmail');
  seen.preset = { host: await panel.page.locator('.red-ui-tray').last().innerText(),
    provider: await editor.field('config', 'auth_provider').inputValue() };
  seen.hidden = { host: await editor.sees('config', 'server_host'), password: await editor.sees('config', 'auth_password') };
}

async function account() {
  await editor.choose('config', 'server_kind', 'custom');
  await editor.type('config', 'name', 'Office');
  await editor.type('config', 'server_host', job.mail.host);
  await editor.type('config', 'server_port', String(job.mail.port));
  await editor.choose('config', 'server_security', 'starttls');
  await editor.choose('config', 'auth_method', 'oauth2');
  await editor.choose('config', 'auth_provider', 'custom');
  await editor.choose('config', 'auth_grant', 'authorization-code');
  await panel.unfold('advanced');
  for (const [name, text] of Object.entries(job.auth)) await editor.type('config', `auth_${name}`, text);
  await editor.type('config', 'from', job.login);
  await editor.type('config', 'tls_ca_file', job.mail.ca);
  await look('account-filled');
}

async function actions() {
  seen.callback = await panel.signIn(job.login);
  seen.signIn = { ...await panel.ended(), account: await panel.account() };
  await look('signed-in');
  await panel.press('test-connection');
  seen.test = { ...await panel.ended(), rows: await panel.report() };
  await look('test-connection');
  await panel.press('send-test');
  await page.locator('[id$="-wfc-send-test-to"]').fill(job.to);
  await page.locator('.wfc-form-buttons button').first().click();
  seen.sendTest = { ...await panel.ended(), rows: await panel.report() };
  await look('send-test');
}

try {
  await editor.open();
  const inject = await editor.drag('inject', 130, 120);
  const mail = await editor.drag('mail-send', 360, 120);
  const accepted = await editor.drag('debug', 640, 60);
  const failed = await editor.drag('debug', 640, 240);
  await editor.wire(inject, 0, mail);
  await editor.wire(mail, 0, accepted);
  await editor.wire(mail, 3, failed);
  await editor.shot('canvas');

  await editor.edit(mail);
  await look('node-empty');
  await editor.configuration('account');
  seen.language = await editor.field('config', 'language').inputValue();
  await look('account-empty');
  await presets();
  await account();
  await actions();
  await editor.done('config');

  await editor.type('node', 'to', job.to);
  await editor.type('node', 'subject', job.subject);
  await editor.type('node', 'html', '<p>It <b>works</b>.<script>document.title = "broken"</script></p>');
  await panel.press('preview');
  seen.preview = { ...await panel.ended(), frame: await panel.framed() };
  await look('preview');
  await editor.done();

  await editor.deploy();
  await editor.inject(inject);
  seen.status = await editor.status(mail, job.sent);
  await editor.shot('sent');
  seen.flow = { inject, mail };
} catch (error) {
  await editor.shot('trouble');
  seen.trouble = String(error.stack);
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
