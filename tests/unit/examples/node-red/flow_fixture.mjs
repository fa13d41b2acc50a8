// What the tests of the flow node share: a RED whose nodes, wires and events are plain objects (evaluation and copies
// of messages are Node-RED's own, as where a Catch node stands on the tab), accounts that answer as a test says, and
// messages that went out.
import {EventEmitter} from 'node:events';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
const modules = path.join(process.env.NODE_RED || path.join(root, 'build/node-red'), 'node_modules');
export const nodePackage = path.join(root, 'examples/node-red/node-red-contrib-mail-send');
export const lib = (name) => require(path.join(nodePackage, 'lib', name));
export const panel = require(path.join(nodePackage, 'panel.json'));
export const {util} = require(path.join(modules, '@node-red/util'));

/** The panel of a component that is no mail, as the generator writes it. */
export const greetPanel = {
  format: 1,
  type: 'greet',
  version: '1.0.0',
  node: 'greet',
  account: 'greet-account',
  languages: ['en', 'ja'],
  operation: 'hello',
  ports: ['succeeded', 'failed'],
  settings: {groups: [], fields: []},
  input: {groups: [], fields: [{name: 'name', pointer: '/name', kind: 'text', expression: true, required: true}]},
  actions: [],
  options: {},
};

export const accepted = (more = {}) => ({
  status: 'ok',
  outcome: 'accepted',
  port: 'accepted',
  blobs: {},
  document: {format: 1, outcome: 'accepted', message_id: '<1@example.test>', ...more},
});

export const failed = (title = 'It did not work', outcome = 'failed') => ({
  status: 'failed',
  outcome,
  port: outcome === 'cancelled' ? 'failed' : outcome,
  blobs: {},
  document: {format: 1, outcome, error: {id: 'x.y', message: 'the sentence', explanation: {title}}},
});

/** An account whose calls wait until a test ends them: `calls[i].end(result)`; `answer(call)` ends them at once. */
export class FakeAccount {
  calls = [];
  language = 'en';

  constructor(answer) {
    this.answer = answer;
  }

  invoke(call) {
    const made = {...call, cancelled: false, begun: false};
    made.onProgress = (event) => {
      made.begun = true;
      call.onProgress(event);
    };
    const result = new Promise((resolve) => {
      made.end = resolve;
    });
    this.calls.push(made);
    if (this.answer) made.end(this.answer(call));
    return {
      id: call.call,
      result,
      get begun() {
        return made.begun;
      },
      cancel: () => {
        made.cancelled = true;
        made.end(failed('', 'cancelled'));
      },
    };
  }
}

/** RED as a flow node needs it. */
export class FakeRed {
  events = new EventEmitter();
  types = new Map();
  existing = new Map();
  util = util;
  settings = {};

  nodes = {
    createNode: (node, config) =>
      Object.assign(node, {
        id: config.id,
        wires: config.wires || [],
        statuses: [],
        said: [],
        caught: [],
        listeners: {},
        sent: [],
        on: (event, listener) => {
          node.listeners[event] = listener;
        },
        status: (line) => node.statuses.push(line),
        send: (outputs) => node.sent.push(outputs),
        context: () => ({flow: this.context, global: this.context}),
        ...Object.fromEntries(
          ['log', 'warn'].map((level) => [level, (text) => node.said.push([level, String(text)])]),
        ),
        error: (error, msg) => {
          if (msg) node.caught.push({error, msg: util.cloneMessage(msg)});
          else node.said.push(['error', String(error)]);
        },
      }),
    registerType: (name, constructor) => this.types.set(name, constructor),
    getNode: (id) => this.existing.get(id) ?? null,
  };
  context = {get: (key, store, callback) => callback(null, this.stored?.[key])};
}

/** A deployed flow node and what came of its messages. `complete`: a Complete node listens to it. */
export function deployed({
  config = {},
  account = new FakeAccount(() => accepted()),
  of = panel,
  options,
  red = new FakeRed(),
  roots = [],
  host,
  complete = false,
} = {}) {
  const {LateResults} = lib('late_results.js');
  const words = (language, key, params = {}) =>
    `${language}:${key}${params.done ? ` ${params.done}/${params.total}` : ''}`;
  const shared = host || {words, roots, late: new LateResults(red.events)};
  if (!red.types.has(of.node)) {
    const mail = {...options, fromMessage: of === panel ? lib('stock_message.js').fromMessage : undefined};
    lib('flow_node.js').registerFlowNode(red, of, shared, mail);
  }
  if (account) red.existing.set('account', account);
  const wires = of.ports.map((port) => [`after-${port}`]);
  for (const [id] of wires) red.existing.set(id, {id, _inputCallback() {}});
  const Node = red.types.get(of.node);
  const node = new Node({id: 'n1', account: 'account', wires, ...config});
  const out = {
    red,
    node,
    account,
    host: shared,
    /** Passes a message in; what came of it: {port, msg, error, dones}. */
    give(msg) {
      const seen = {dones: 0};
      return new Promise((resolve) => {
        const send = (outputs) => {
          seen.port = of.ports[outputs.findIndex((one) => one !== null)];
          seen.msg = outputs.find((one) => one !== null);
        };
        const done = (error) => {
          if (error || complete) util.cloneMessage(msg);
          seen.dones += 1;
          seen.error = error;
          resolve(seen);
        };
        node.listeners.input(msg, send, done);
      });
    },
    close: (removed = false) => new Promise((resolve) => node.listeners.close(removed, resolve)),
  };
  return out;
}

/** Lets everything that is ready run. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
