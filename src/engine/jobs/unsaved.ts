/** Captures that other processes left unsaved or are still writing: lists, saves and discards them. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Capture } from '../../capture/capture.ts'
import {
  type AbandonedCapture,
  type CaptureSize,
  copyCapture,
  findCaptures,
  sizeOf,
} from '../../capture/disk/abandoned.ts'
import { removeCapture } from '../../capture/disk/files.ts'
import { type WriteOptions, writeRecording } from '../../session/write-recording.ts'
import type { JobMethods, UnsavedCapture, UnsavedParams } from '../../shared/protocol/jobs.ts'

type Listed = JobMethods['unsaved']['result']

/** Lists unsaved captures, oldest first. Removes those without unsaved events and those over the limits. */
export function listUnsaved({ parents, own, most, mostBytes }: UnsavedParams): Listed {
  const ours = new Set(own)
  const captures = parents.flatMap((parent) => findCaptures(parent, ours))
  captures.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const sessions: UnsavedCapture[] = []
  const running: UnsavedCapture[] = []
  const removed: string[] = []
  let bytes = 0
  for (const capture of captures) {
    if (!capture.isLeft) {
      const session = ours.has(capture.directory) ? undefined : runningSession(capture)
      if (session !== undefined) running.push(session)
      continue
    }
    const size = sizeOf(capture)
    bytes += size.bytes
    const isBeyond = sessions.length >= most || (sessions.length > 0 && bytes > mostBytes)
    if (size.unsaved === 0 || isBeyond) {
      removeCapture(capture.directory)
      if (size.unsaved > 0)
        removed.push(
          `The unsaved session of ${capture.startedAt.toISOString()} (${size.unsaved} events, ${size.bytes} bytes) was removed: newer ones use up the space for unsaved sessions.`,
        )
      continue
    }
    sessions.push(toSession(capture, size))
  }
  return { sessions: sessions.reverse(), running: running.reverse(), removed }
}

function toSession(
  { directory, startedAt }: AbandonedCapture,
  { unsaved, bytes }: CaptureSize,
): UnsavedCapture {
  return { directory, startedAt: startedAt.toISOString(), events: unsaved, bytes }
}

/** The session of another process; undefined if it has nothing unsaved. */
function runningSession(capture: AbandonedCapture): UnsavedCapture | undefined {
  try {
    const size = sizeOf(capture)
    return size.unsaved === 0 ? undefined : toSession(capture, size)
  } catch {
    // The process ended and removed its files in the meantime.
    return undefined
  }
}

/** Writes an unsaved capture to a session file, and keeps the capture. Rejects with a `Failure`. */
export async function recoverTo({
  directory,
  path,
  reveal,
  mask = [],
  isRunning = false,
}: JobMethods['recover']['params']): Promise<JobMethods['recover']['result']> {
  const options = { format: '.rtsession', reveal, mask }
  if (!isRunning) return await writeCapture(directory, path, options)
  const copy = mkdtempSync(join(tmpdir(), 'realtime-inspector-copy-'))
  try {
    copyCapture(directory, copy)
    return await writeCapture(copy, path, options)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

async function writeCapture(directory: string, path: string, options: WriteOptions) {
  const capture = Capture.recover(directory)
  try {
    return await writeRecording(capture, path, options)
  } finally {
    capture.close({ keep: true })
  }
}
