/** The processes in which VS Code's server runs extensions. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Their process ids: one for each window, and for a while for one that was closed. */
export async function extensionHostsOf(server: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return Number(parent) === server && args.includes('--type=extensionHost') ? [Number(pid)] : []
  })
}
