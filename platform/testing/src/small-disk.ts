import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that a test may fill. */
export interface SmallDisk {
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
  unmount(): void;
}

/** From large to what is less than a page of PostgreSQL. */
const PIECES_BYTES = [2 ** 26, 2 ** 22, 2 ** 18, 2 ** 14, 2 ** 12];
const PIECES_MAX = 256;

/**
 * A disk of its own for a folder, in a file beside it that is as large as what is written. Undefined where nobody may mount
 * one: not as root, or without loop devices.
 */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | undefined {
  const image = `${folder}.img`;
  writeFileSync(image, '');
  truncateSync(image, bytes);
  mkdirSync(folder, { recursive: true });
  const isMounted = run('mkfs.ext4', '-q', '-F', image) && run('mount', '-o', 'loop', image, folder);
  if (!isMounted) {
    rmSync(image);
    return undefined;
  }
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  return {
    fill() {
      for (const size of PIECES_BYTES) {
        let piece = 0;
        const ballast = () => join(folder, `ballast-${size}-${piece}`);
        while (piece < PIECES_MAX && run('fallocate', '-l', String(size), ballast())) piece += 1;
      }
    },
    empty: () => void run('find', folder, '-maxdepth', '1', '-name', 'ballast-*', '-delete'),
    unmount() {
      run('umount', folder);
      rmSync(image, { force: true });
    },
  };
}

function run(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
