import { execFileSync } from 'node:child_process'

/** Builds `dist` before the tests, so that those which run the program never run yesterday's. */
export function setup(): void {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
