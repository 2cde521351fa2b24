import { spawn } from 'node:child_process';

/**
 * Open a page where somebody sits in front of it: there is a terminal, and a display. A machine
 * that cannot do it is no error: the path was printed.
 */
export function openInBrowser(target: string): void {
  const { platform, env, stdout } = process;
  const hasDisplay =
    platform === 'darwin' ||
    platform === 'win32' ||
    (env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') !== '';
  if (!stdout.isTTY || !hasDisplay) return;
  const [command, ...args] = openers[platform] ?? ['xdg-open'];
  const child = spawn(command!, [...args, target], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  // The first argument of start is the title of a window.
  win32: ['cmd', '/c', 'start', ''],
};
