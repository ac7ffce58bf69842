
// Node.js finds the package by its own rules; the script above checks and starts the program.
const environment = { ...process.env };
try {
  environment.KTX_FOUND = require.resolve('@PLATFORM_PACKAGE@/bin/ktx');
} catch {
  // The script says what to do.
}
const command = ['/bin/sh', __filename, ...process.argv.slice(2)];
if (process.execve) {
  process.execve(command[0], command, environment);
} else {
  stayBeside(require('node:child_process').spawn(command[0], command.slice(1), { env: environment, stdio: 'inherit' }));
}

// Before Node.js 22.15 a process cannot become another one: this one passes signals on, and ends as ktx does. What a terminal
// sends, it sends to both; a second Ctrl-C would end ktx at once.
function stayBeside(child) {
  const onTerminal = [0, 1, 2].some((descriptor) => require('node:tty').isatty(descriptor));
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) {
    const sentToBoth = onTerminal && ['SIGINT', 'SIGQUIT'].includes(signal);
    process.on(signal, () => sentToBoth || child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  child.on('error', (error) => {
    console.error(`Cannot start /bin/sh: ${error.message}`);
    process.exit(1);
  });
}
