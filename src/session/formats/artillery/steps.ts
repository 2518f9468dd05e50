/** The steps of a scenario, as Artillery reads them. */

export type Step = Readonly<Record<string, unknown>>

/** A pause of so many ms. None if it would be shorter than one. */
export function thinks(ms: number): readonly Step[] {
  const whole = Math.round(ms)
  return whole < 1 ? [] : [{ think: `${whole}ms` }]
}

/** The steps of actions, with the pauses between them, from and to a session time. */
export function withPauses<Timed extends { readonly time: number }>(
  actions: readonly Timed[],
  { from, to }: { readonly from: number; readonly to: number },
  stepOf: (action: Timed) => Step,
): readonly Step[] {
  let time = from
  const steps = actions.flatMap((action) => {
    const pause = thinks(action.time - time)
    time = Math.max(time, action.time)
    return [...pause, stepOf(action)]
  })
  return [...steps, ...thinks(to - time)]
}

/** A step whose values Artillery uses as they are: in a loop over `values`, they are not templates. */
export function literally(values: readonly unknown[], step: Step): Step {
  return { loop: [step], over: [values.length === 1 ? values[0] : values] }
}

/** The value in a step of `literally`; with several, that at a position. */
export function literal(at?: number): string {
  return at === undefined ? '{{ $loopElement }}' : `{{ $loopElement.${at} }}`
}
