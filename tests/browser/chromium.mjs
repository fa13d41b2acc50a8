// Plays the system's browser ($BROWSER through chromium.sh): a person in Chromium who signs in, consents and comes back.
//
// OAUTH_PAGE: where the last page's text goes; OAUTH_SHOT: its screenshot; OAUTH_LANGUAGE: the browser's language;
// OAUTH_USER; OAUTH_DENY=1: says no.
import { writeFileSync, renameSync } from 'node:fs';

const modules = new URL(`file://${process.env.NODE_MODULES}/`);
const { chromium } = await import(new URL('playwright-core/index.mjs', modules));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ locale: process.env.OAUTH_LANGUAGE ?? 'en-US', viewport: { width: 900, height: 600 } });
  const page = await context.newPage();
  await page.goto(process.argv[2]);
  await page.fill('input[name=login]', process.env.OAUTH_USER ?? 'alice@example.test');
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' });
  if (process.env.OAUTH_DENY === '1') {
    await page.click('a[href$=abort]');
  } else {
    await page.click('button[type=submit]');
  }
  await page.waitForURL(/\/callback/);
  await page.waitForSelector('h1');
  await page.screenshot({ path: process.env.OAUTH_SHOT });
  const seen = {
    language: await page.getAttribute('html', 'lang'), title: await page.title(), text: await page.innerText('body'),
  };
  writeFileSync(`${process.env.OAUTH_PAGE}.new`, JSON.stringify(seen));
  renameSync(`${process.env.OAUTH_PAGE}.new`, process.env.OAUTH_PAGE);
} finally {
  await browser.close();
}
