/** Runs tasks side by side, and prints the output of each in one piece. */

/** Prints a piece of a task's output. */
export type Print = (text: string) => void

export interface Task<T> {
  /** Settles when the task can run. Until then, other tasks start before it. */
  readonly ready?: Promise<unknown> | undefined
  run(print: Print): Promise<T>
}

/**
 * Runs tasks, at most `width` at a time, and resolves to their results. Of those that are ready, the first starts first.
 * Output appears in the order in which they started: that of the first that still runs appears at once, that of the
 * others when it is their turn.
 */
export async function sideBySide<T>(tasks: readonly Task<T>[], width: number, print: Print): Promise<T[]> {
  const waiting = new Map<number, () => void>()
  const started: { readonly output: string[]; isDone: boolean }[] = []
  let free = Math.max(1, width)
  let shown = 0

  function startNext(): void {
    for (; free > 0 && waiting.size > 0; free--) {
      const first = Math.min(...waiting.keys())
      waiting.get(first)?.()
      waiting.delete(first)
    }
  }

  function show(): void {
    for (let task = started[shown]; task !== undefined; task = started[++shown]) {
      for (const text of task.output.splice(0)) print(text)
      if (!task.isDone) return
    }
  }

  async function runOne(task: Task<T>, index: number): Promise<T> {
    await task.ready?.catch(() => {})
    await new Promise<void>((start) => {
      waiting.set(index, start)
      startNext()
    })
    const own = { output: [] as string[], isDone: false }
    started.push(own)
    const result = await task.run((text) => {
      own.output.push(text)
      show()
    })
    own.isDone = true
    show()
    free++
    startNext()
    return result
  }

  return Promise.all(tasks.map(runOne))
}
