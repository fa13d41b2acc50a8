// A person at the dialogs of a component: actions, their reports, sign-in in a window of its own, preview.
//
// Guarantees: what is returned was visible; see editor.mjs.

export class Panel {
  constructor(editor) {
    this.editor = editor;
    this.page = editor.page;
  }

  get #tray() {
    return this.page.locator('.red-ui-tray').last();
  }

  /** Opens the group that is folded at first. */
  async unfold(group) {
    await this.#tray.locator(`.wfc-group[data-group="${group}"] .wfc-group-title`).click();
  }

  button(action) {
    return this.#tray.locator(`button[data-action="${action}"]`);
  }

  /** Presses an action's button. */
  async press(action) {
    const button = this.button(action);
    await button.scrollIntoViewIfNeeded();
    await button.click();
  }

  /** Waits until the run is over: how it ended, and what is shown. */
  async ended() {
    const view = this.#tray.locator('.wfc-view');
    await view.locator('.wfc-headline [role=status] .wfc-mark:not(.wfc-mark-running)').waitFor({ timeout: 60000 });
    return { headline: await view.locator('.wfc-headline [role=status]').innerText(), text: await view.innerText() };
  }

  /** The rows of a report, as [verdict, stage, time, text]. */
  report() {
    return this.#tray.locator('.wfc-report > .wfc-step').evaluateAll((rows) => rows.map((row) =>
      ['.wfc-verdict', '.wfc-stage', '.wfc-time', '.wfc-text'].map((part) => row.querySelector(part)?.innerText ?? '')));
  }

  /** The rows of an account, as {label: text}. */
  account() {
    return this.#tray.locator('.wfc-account tr').evaluateAll((rows) => Object.fromEntries(rows.map((row) =>
      [row.querySelector('th').innerText, row.querySelector('td').innerText])));
  }

  /** The problems that the component found, as they stand beside fields and in the list. */
  problems() {
    return this.#tray.locator('.wfc-problems, .wfc-problem:visible').allInnerTexts();
  }

  /** Signs in: the provider's page opens in a window of its own, where `login` consents. What the last page said. */
  async signIn(login) {
    const opened = this.page.context().waitForEvent('page');
    await this.press('sign-in');
    const window = await opened;
    await window.waitForSelector('input[name=login]');
    await window.fill('input[name=login]', login);
    await window.fill('input[name=password]', 'any');
    await window.click('button[type=submit]');
    await window.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' });
    await window.click('button[type=submit]');
    await window.waitForURL(/\/callback/);
    await window.waitForSelector('h1');
    const said = await window.innerText('body');
    await window.close();
    return said;
  }

  /** What is in the frame of a preview. */
  async framed() {
    const frame = this.#tray.locator('iframe.wfc-frame');
    await frame.scrollIntoViewIfNeeded();
    return { sandbox: await frame.getAttribute('sandbox'), text: await frame.contentFrame().locator('body').innerText() };
  }

  /** Texts in this page that look like a key of the catalogue instead of a word. */
  rawKeys() {
    return this.page.evaluate(() => {
      const seen = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const looks = /^(?:[\w-]+:)?(?:settings|input|groups|actions|action-input|ports|stage|verdict|actor|panel|label|account-view)\.[\w.-]+$/u;
      while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim();
        if (looks.test(text) && walk.currentNode.parentElement.offsetParent) seen.push(text);
      }
      return seen;
    });
  }

  /** Elements of the dialog that stick out of it to the right, as short descriptions. */
  cutOff() {
    return this.#tray.locator('.wfc-panel').evaluate((panel) => {
      const edge = panel.closest('.red-ui-tray').getBoundingClientRect().right;
      return [...panel.querySelectorAll('*')].filter((each) => each.offsetParent && !each.closest('iframe') &&
        each.getBoundingClientRect().right > edge + 1)
        .map((each) => `${each.tagName}.${each.className} ${each.innerText?.slice(0, 40)}`);
    });
  }
}
