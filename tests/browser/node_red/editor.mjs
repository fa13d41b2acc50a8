// A person at Node-RED's editor: what is done with the mouse and the keyboard, and what is seen.
//
// Guarantees: everything goes through the page, as for a person; each step waits for what it needs, and names itself when it
// fails. Does not know what the nodes do.

/** Nodes of one dialog: `config` for that of a configuration node. */
const INPUT = { node: '#node-input-', config: '#node-config-input-' };

export class Editor {
  /** `shots`: (name) → path of a picture. */
  constructor(page, url, shots) {
    Object.assign(this, { page, url, shots });
  }

  async open() {
    await this.page.goto(this.url);
    await this.page.waitForSelector('#red-ui-header-button-deploy');
    await this.page.waitForSelector('.red-ui-palette-node[data-palette-type="inject"]', { state: 'attached' });
    await this.page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
  }

  async shot(name) {
    await this.page.screenshot({ path: this.shots(name) });
  }

  /** Drags a node from the palette to a place on the canvas; its id. */
  async drag(type, x, y) {
    const known = await this.#ids();
    await this.page.fill('#red-ui-palette-search input', type);
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await entry.waitFor({ state: 'visible' });
    await entry.hover();
    const from = await entry.boundingBox();
    const canvas = await this.page.locator('#red-ui-workspace-chart').boundingBox();
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(canvas.x + x + 30, canvas.y + y + 30, { steps: 12 });
    await this.page.mouse.move(canvas.x + x, canvas.y + y, { steps: 4 });
    await this.page.mouse.up();
    const handle = await this.page.waitForFunction(
      (before) => [...document.querySelectorAll('.red-ui-flow-node-group')].map((each) => each.id)
        .find((id) => !before.includes(id)), known);
    await this.page.fill('#red-ui-palette-search input', '');
    return handle.jsonValue();
  }

  #ids() {
    return this.page.$$eval('.red-ui-flow-node-group', (found) => found.map((each) => each.id));
  }

  /** Wires an output (from 0) to the input of another node. */
  async wire(from, output, to) {
    const start = this.page.locator(`[id="${from}"] .red-ui-flow-port-output .red-ui-flow-port`).nth(output);
    const end = this.page.locator(`[id="${to}"] .red-ui-flow-port-input .red-ui-flow-port`);
    const wires = await this.page.locator('.red-ui-flow-link').count();
    const a = await centre(start);
    const b = await centre(end);
    await this.page.mouse.move(a.x, a.y);
    await this.page.mouse.down();
    await this.page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 6 });
    await this.page.mouse.move(b.x, b.y, { steps: 6 });
    await this.page.mouse.up();
    await this.page.waitForFunction(
      (before) => document.querySelectorAll('.red-ui-flow-link').length > before, wires);
  }

  /** Opens a node's dialog by a double click. */
  async edit(id) {
    const at = await centre(this.page.locator(`[id="${id}"] rect.red-ui-flow-node`));
    await this.page.mouse.dblclick(at.x, at.y);
    await this.page.waitForSelector('#node-dialog-ok');
    await this.settled();
  }

  /** Presses the button that makes (or edits) the configuration node of a field. */
  async configuration(field, action = 'add') {
    await this.page.click(`#node-input-btn-${field}-${action}`);
    await this.page.waitForSelector('#node-config-dialog-ok');
    await this.settled();
  }

  /** Dialogs slide in; what stands in them moves until they stand. */
  async settled() {
    let last;
    for (;;) {
      const trays = await this.page.$$('.red-ui-tray');
      const now = trays.length && JSON.stringify(await trays.at(-1).boundingBox());
      if (now === last) return;
      last = now;
      await this.page.waitForTimeout(150);
    }
  }

  field(dialog, name) {
    return this.page.locator(`${INPUT[dialog]}${name}`);
  }

  /** Types into a field, as a person does: selects what is there and writes over it. */
  async type(dialog, name, text) {
    const row = this.page.locator('.red-ui-tray').last().locator(`.wfc-row[data-field="${name}"]`);
    const plain = this.field(dialog, name);
    const target = await plain.isVisible() ? plain : row.locator('.red-ui-typedInput-input:visible, textarea:visible').first();
    await target.scrollIntoViewIfNeeded();
    await target.click();
    await target.fill('');
    await target.pressSequentially(text);
    await target.blur();
  }

  async choose(dialog, name, value) {
    await this.field(dialog, name).scrollIntoViewIfNeeded();
    await this.field(dialog, name).selectOption(value);
  }

  async check(dialog, name) {
    await this.field(dialog, name).check();
  }

  /** Whether a person sees the field. */
  sees(dialog, name) {
    return this.page.locator(`.wfc-row[data-field="${name}"]`).last().isVisible();
  }

  async done(dialog = 'node') {
    const button = dialog === 'node' ? '#node-dialog-ok' : '#node-config-dialog-ok';
    await this.page.click(button);
    await this.page.waitForSelector(button, { state: 'detached' });
    await this.settled();
  }

  async deploy() {
    const done = this.page.waitForResponse((answer) => answer.url().endsWith('/flows') && answer.request().method() === 'POST');
    await this.page.click('#red-ui-header-button-deploy');
    const answer = await done;
    if (!answer.ok()) throw new Error(`deploy: ${answer.status()} ${await answer.text()}`);
  }

  /** Presses the button of an inject node. */
  async inject(id) {
    await this.page.locator(`[id="${id}"] .red-ui-flow-node-button-button`).click();
  }

  /** What stands below a node on the canvas, once it is not empty. */
  async status(id, pattern) {
    const text = this.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`);
    await this.page.waitForFunction(([selector, expected]) => {
      const found = document.querySelector(selector);
      return found && new RegExp(expected, 'u').test(found.textContent);
    }, [`[id="${id}"] .red-ui-flow-node-status-label`, pattern]);
    return text.textContent();
  }
}

async function centre(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
