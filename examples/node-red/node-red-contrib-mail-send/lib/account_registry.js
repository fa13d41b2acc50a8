/**
 * The accounts that are deployed now, for the endpoints of the editor.
 *
 * Guarantees: an account is in it from its construction to its close. One id may have several accounts: those of the
 * copies of a subflow. The list goes with the host object that node and endpoints share.
 * Does not: give anything to other nodes; credentials stay in this process.
 */
'use strict';

const registries = new WeakMap();

/** The registry of a host: always the same object for the same host. */
function deployedAccounts(host) {
    if (!registries.has(host)) registries.set(host, new AccountRegistry());
    return registries.get(host);
}

class AccountRegistry {
    #accounts = new Map();

    /** account: {id, scope, values, credentials}; the object itself is its handle for remove(). */
    add(account) {
        if (!this.#accounts.has(account.id)) this.#accounts.set(account.id, new Set());
        this.#accounts.get(account.id).add(account);
    }

    remove(account) {
        const same = this.#accounts.get(account.id);
        if (same === undefined) return;
        same.delete(account);
        if (same.size === 0) this.#accounts.delete(account.id);
    }

    /** Those with this id, as the editor knows it; empty where it is not deployed. */
    withId(id) {
        return [...(this.#accounts.get(id) || [])];
    }
}

module.exports = { deployedAccounts };
