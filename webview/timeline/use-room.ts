/** The room for the timeline, and how far its lanes are scrolled. */
import { useEffect, useState } from 'preact/hooks'
import { useResize } from '../ui/hooks.ts'
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
    const grows = element.closest('.sized') !== null
    setMeasured({ width, room: { most, grows, height, scroll } })
  }
  useResize(box, measure)
  useEffect(() => {
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [box])
  return { ...measured, measure }
}
