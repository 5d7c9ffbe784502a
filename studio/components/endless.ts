/** Rows without end: only those near the window are in the page, and the next page is fetched before it is needed. */
import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type RefCallback, useCallback, useEffect, useState } from 'react'

export interface More {
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => unknown
}

export interface EndlessRows {
  /** For the element that holds the rows: it is as high as all of them. */
  readonly list: RefCallback<HTMLElement>
  /** Its inner width in pixels; 0 before it was measured. */
  readonly width: number
  readonly height: number
  readonly items: readonly VirtualItem[]
  /** For rows whose height is not the estimated one; each carries `data-index`. */
  readonly measure: (row: Element | null) => void
  /** Where a row begins, from the top of the list. */
  readonly topOf: (item: VirtualItem) => number
}

interface Options {
  /** From the list's width, since rows may be as high as they are wide. */
  readonly layout: (width: number) => { readonly count: number; readonly rowHeight: number }
  readonly more: More
  readonly fetchBeforeRows: number
}

export function useEndlessRows({ layout, more, fetchBeforeRows }: Options): EndlessRows {
  const [place, setPlace] = useState({ width: 0, top: 0 })
  const list = useCallback((element: HTMLElement | null) => {
    if (element === null) return
    const look = (): void => setPlace({ width: element.clientWidth, top: element.offsetTop })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const { count, rowHeight } = layout(place.width)
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: place.top,
  })
  useEffect(() => rows.measure(), [rows, rowHeight])
  const items = rows.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = more
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= count - fetchBeforeRows) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, last, count, fetchBeforeRows])
  return {
    list,
    width: place.width,
    height: rows.getTotalSize(),
    items,
    measure: rows.measureElement,
    topOf: ({ start }) => start - place.top,
  }
}
