#!/usr/bin/env node
'use strict';
// Runs the command line under the Node that npm brought; what runs this may be older.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(fs.realpathSync(__filename), '../../../..');
const own = path.join(root, 'node_modules', '.bin', 'node');
const node = fs.existsSync(own) ? own : process.execPath;
const child = spawn(node, [path.join(root, 'packages/cli/src/main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
