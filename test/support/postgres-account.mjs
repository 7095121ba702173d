import { execFileSync } from 'node:child_process';

/**
 * The OS account PostgreSQL runs under: its own when we are root (PostgreSQL refuses to run as root), else ours.
 * Creates the account `postgres` when root has none.
 */
export function serverAccount() {
  if (process.getuid?.() !== 0) return {};
  try {
    return lookUp();
  } catch {
    execFileSync('groupadd', ['--force', '--system', 'postgres']);
    execFileSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
    return lookUp();
  }
}

function lookUp() {
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  return { uid: id('-u'), gid: id('-g') };
}
