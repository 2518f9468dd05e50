/** The room for the timeline, and how far its lanes are scrolled. */
import { useEffect, useState } from 'preact/hooks'
import type { Room } from './layout/layout.ts'

export interface MeasuredRoom {
  readonly width: number
  readonly room: Room
}

/** The room in a box that scrolls. Call `measure` after it has been scrolled. */
export function useRoom(box: { readonly current: HTMLElement | null }): MeasuredRoom & { measure(): void } {
  const [measured, setMeasured] = useState<MeasuredRoom>({
    width: 0,
    room: { most: 0, height: 0, scroll: 0 },
  })
  const measure = () => {
    const element = box.current
    if (element === null) return
    const { clientWidth: width, clientHeight: height, scrollTop: scroll } = element
    const most = Number.parseFloat(getComputedStyle(element).maxHeight)
    setMeasured({ width, room: { most, height, scroll } })
  }
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      removeEventListener('resize', measure)
    }
  }, [box])
  return { ...measured, measure }
}
