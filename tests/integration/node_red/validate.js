'use strict';
// Loaded before node-red-dev (`node -r`): it asks two addresses of the internet, which are answered from what is here.
//
// https://registry.npmjs.org/node-red is answered with the versions it had in November 2026 and the Node they want; the one
// that NODE_RED holds stands for the 4.x that is maintained. The catalogue of all published nodes is not here: it is answered
// empty, so that the checks which compare with it (N01, P08) say nothing.

const path = require('node:path');

const tools = path.join(process.env.NODE_RED_TESTS, 'node_modules');
const axios = require(require.resolve('axios', { paths: [path.join(tools, 'node-red-dev')] }));
const here = require(path.join(process.env.NODE_RED, 'node_modules', 'node-red', 'package.json'));
const registry = {
    'dist-tags': { latest: '5.0.7', maintenance: here.version },
    versions: { '5.0.7': { engines: { node: '>=22.9' } }, [here.version]: { engines: here.engines } },
};

axios.get = async (url) => {
    if (url === 'https://registry.npmjs.org/node-red') return { data: registry };
    if (url === 'https://catalogue.nodered.org/catalogue.json') return { data: { modules: [] } };
    throw new Error(`${url} is not to be asked`);
};
