/** Runs tasks side by side, and prints the output of each in one piece. */

/** Prints a piece of a task's output. */
export type Print = (text: string) => void

/**
 * Runs tasks in the order given, at most `width` at a time, and resolves to their results in that order. Output appears
 * in that order as well: that of the first task that runs appears at once, that of the others when it is their turn.
 */
export async function sideBySide<T>(
  tasks: readonly ((print: Print) => Promise<T>)[],
  width: number,
  print: Print,
): Promise<T[]> {
  const results: T[] = []
  const waiting = tasks.map((): string[] => [])
  const isDone = tasks.map(() => false)
  let shown = 0
  let next = 0

  function show(): void {
    for (; shown < tasks.length; shown++) {
      for (const text of waiting[shown]?.splice(0) ?? []) print(text)
      if (!isDone[shown]) return
    }
  }

  async function work(): Promise<void> {
    for (let task = tasks[next]; task !== undefined; task = tasks[next]) {
      const index = next++
      results[index] = await task((text) => {
        waiting[index]?.push(text)
        if (index === shown) show()
      })
      isDone[index] = true
      show()
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, width) }, work))
  return results
}
