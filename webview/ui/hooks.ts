/** What several components do with the browser. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page.ts'

/** An element once it is rendered. */
export type Box<T> = { readonly current: T | null }

/** Calls back when an element is first rendered, and when its size changes. */
export function useResize<T extends HTMLElement>(box: Box<T>, onResize: (element: T) => void): void {
  const latest = useRef(onResize)
  latest.current = onResize
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => latest.current(element))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
}

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const list = matchMedia(query)
    const look = () => setHolds(list.matches)
    look()
    list.addEventListener('change', look)
    return () => list.removeEventListener('change', look)
  }, [query])
  return holds
}

/** What a promise resolves to, undefined until then. Loads again if `inputs` change. */
export function useLoaded<T>(load: () => Promise<T>, inputs: readonly unknown[]): T | undefined {
  const [loaded, setLoaded] = useState<T>()
  useEffect(() => {
    let isCurrent = true
    void load().then((value) => isCurrent && setLoaded(() => value))
    return () => {
      isCurrent = false
    }
  }, inputs)
  return loaded
}

/** Milliseconds for which a button shows that it has copied. */
const COPIED_SHOWN = 1500

/** Whether `copy` was called a moment ago, for the button that calls it. */
export function useCopied(): readonly [isCopied: boolean, copy: (text: string) => void] {
  const page = usePage()
  const [copies, setCopies] = useState(0)
  useEffect(() => {
    if (copies === 0) return
    const timer = setTimeout(() => setCopies(0), COPIED_SHOWN)
    return () => clearTimeout(timer)
  }, [copies])
  const copy = (text: string) => {
    page.copy(text)
    setCopies(copies + 1)
  }
  return [copies > 0, copy]
}

/** Revokes an object URL once it is not used any more. */
export function useObjectUrl(url: string | undefined): void {
  useEffect(() => (url === undefined ? undefined : () => URL.revokeObjectURL(url)), [url])
}

/**
 * Runs `look` until it returns true, with a pause in milliseconds in between. Starts again if `inputs` change. A run
 * that fails is the last one.
 */
export function usePolling(
  look: (isCurrent: () => boolean) => Promise<boolean>,
  pause: number,
  inputs: readonly unknown[],
): void {
  useEffect(() => {
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async () => {
      const isDone = await look(() => isCurrent)
      if (isCurrent && !isDone) timer = setTimeout(run, pause)
    }
    run().catch(() => {
      // The events were dropped meanwhile. The details say so.
    })
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, inputs)
}
