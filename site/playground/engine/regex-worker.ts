/** The worker that runs a regular expression on texts. */

export interface RegexTask {
  readonly source: string
  readonly flags: string
  readonly texts: readonly string[]
  /** Whether the groups of the match are asked for. */
  readonly isGrouping: boolean
}

/** The results, or before them at times that the worker has begun or done something. */
export type RegexAnswer<Result> = 'going on' | Result[]

/** Milliseconds between two answers that it goes on. */
const SAY_EVERY = 20

addEventListener('message', ({ data }: MessageEvent<RegexTask>) => {
  const { source, flags, texts, isGrouping } = data
  const answer = (message: RegexAnswer<unknown>) => postMessage(message)
  answer('going on')
  const regex = new RegExp(source, flags)
  let said = performance.now()
  const results = texts.map((text) => {
    if (performance.now() - said > SAY_EVERY) {
      answer('going on')
      said = performance.now()
    }
    return isGrouping ? [...(regex.exec(text) ?? [])] : regex.test(text)
  })
  answer(results)
})
