/** Resident memory of the processes of a running editor, from /proc. */
import { readFileSync } from 'node:fs'
import { descendants } from '../harness/processes.ts'

/** Bytes. The engine is a thread of the extension host. */
export interface EditorMemory {
  readonly extensionHost: number
  /** The page's process. In a browser, the workbench and the webview share it. */
  readonly renderer: number
}

/** Resident bytes of a process, 0 once it has ended. */
function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024
}

/** The process with the workbench: the largest renderer of the browser that this process started. */
export function rendererOf(): number {
  return descendants(process.pid)
    .filter((pid) => readProc(pid, 'cmdline').includes('--type=renderer'))
    .reduce((largest, pid) => (residentOf(pid) > residentOf(largest) ? pid : largest), 0)
}

export function editorMemory(extensionHost: number): EditorMemory {
  return { extensionHost: residentOf(extensionHost), renderer: residentOf(rendererOf()) }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // The process ended in the meantime.
    return ''
  }
}
