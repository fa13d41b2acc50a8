/**
 * The components behind the keys that nodes use: loaded and configured when first needed, and again in a new process.
 *
 * Guarantees: settings and secrets are copied when they are given. A component is unloaded and its secrets are
 * forgotten once its key is dropped (or means something else) and the last call that took it has released it. Two
 * components never have the same name in a process. Settings that were refused are tried again by the next call.
 * Does not: start the process, run calls.
 */
'use strict';

const { HostEnded } = require('./host_child.js');
const { jsonText } = require('./lines.js');

const KEY = /^[A-Za-z0-9._-]{1,100}$/;

class Components {
    /** `prepareMs`: how long a process may take to load or to configure; it is killed then. */
    constructor({ prepareMs } = {}) {
        this.withinMs = prepareMs;
        this.byKey = new Map();
        this.count = 0;
    }

    /** As Calls.use. Throws a TypeError on a wrong key, Unwritable where settings or secrets are no plain data. */
    use(key, { type, settings = null, secrets = {} }) {
        if (typeof key !== 'string' || !KEY.test(key)) {
            throw new TypeError('The key of a component has 1 to 100 characters of A-Z a-z 0-9 . _ -');
        }
        const document = settings === null ? undefined : jsonText(settings);
        const fresh = { type, settings: document, secrets: jsonText(secrets) };
        const known = this.byKey.get(key);
        if (known && Object.keys(fresh).every((part) => known[part] === fresh[part])) return;
        this.drop(key);
        const name = `${key}.${++this.count}`;
        const unused = { calls: 0, dropped: false, child: undefined, loaded: false, state: undefined };
        this.byKey.set(key, { ...fresh, ...unused, name });
    }

    drop(key) {
        const component = this.byKey.get(key);
        if (!component) return;
        this.byKey.delete(key);
        component.dropped = true;
        if (component.calls === 0) this.unload(component);
    }

    /** The component of a key for one call, or undefined. It stays until release(). */
    take(key) {
        const component = this.byKey.get(key);
        if (component) component.calls++;
        return component;
    }

    release(component) {
        component.calls--;
        if (component.dropped && component.calls === 0) this.unload(component);
    }

    /**
     * Loads and configures it in `child` where that was not done. Promise of undefined, or of the host's line where it
     * was refused: an `error`, or a `configured` that is not ok. Rejected with HostEnded, Unwritable.
     */
    ready(component, child) {
        if (component.child !== child) Object.assign(component, { child, loaded: false, state: undefined });
        if (!component.state) {
            const state = this.prepare(component, child);
            const again = () => {
                if (component.state === state) component.state = undefined;
            };
            component.state = state;
            state.then((refused) => refused && again(), again);
        }
        return component.state;
    }

    async prepare(component, child) {
        if (!component.loaded) {
            const load = { type: 'load', component: component.name, of: component.type };
            const line = await child.ask(load, 'loaded', { withinMs: this.withinMs }).answer;
            if (line.type === 'error') return line;
            component.loaded = true;
        }
        if (component.settings === undefined) return undefined;
        const written = { settings: component.settings, secrets: component.secrets };
        const configure = { type: 'configure', component: component.name };
        const line = await child.ask(configure, 'configured', { written, withinMs: this.withinMs }).answer;
        return line.type === 'error' || line.status !== 'ok' ? line : undefined;
    }

    async unload(component) {
        // A call that was cancelled may have left it while it is being prepared.
        await Promise.resolve(component.state).catch(() => {});
        Object.assign(component, { settings: undefined, secrets: undefined });
        const { child } = component;
        if (!child || !component.loaded) return;
        component.loaded = false;
        await child.ask({ type: 'unload', component: component.name }, 'unloaded').answer.catch((error) => {
            if (!(error instanceof HostEnded)) throw error;
        });
    }
}

module.exports = { Components };
