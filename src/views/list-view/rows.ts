/** Where the rows of a view come from: a row is made when it is asked for, however many there are. */
import { firstPlace } from '../../core/first-place.ts'
import type { ViewRow } from './view-list.ts'

/** The rows of a view, in order. */
export interface Rows {
  readonly length: number
  /** The row at a place; undefined past the ends. */
  at(place: number): ViewRow | undefined
  /** Where the row of an id is; -1: nowhere. */
  placeOf(id: string): number
}

/** A few rows that are made already. */
export function listed(rows: readonly ViewRow[]): Rows {
  return {
    length: rows.length,
    at: place => rows[place],
    placeOf: id => rows.findIndex(row => row.id === id),
  }
}

/** Rows of several sources, one below the other. */
export function joined(...parts: readonly Rows[]): Rows {
  return grouped(parts, {
    count: ({ length }) => length,
    row: (rows, place) => rows.at(place),
    placeOf: (rows, id) => rows.placeOf(id),
  })
}

/** What the rows of {@link grouped} are made of. */
export interface Grouping<Group> {
  /** How many rows a group has. */
  count(group: Group): number
  /** A row of a group, counted from 0. */
  row(group: Group, place: number): ViewRow | undefined
  /** Which row of a group an id means, counted from 0; -1: none. */
  placeOf(group: Group, id: string): number
}

/** The rows of groups, one below the other: of a connection and its streams, of a bucket and its peers. */
export function grouped<Group>(groups: readonly Group[], grouping: Grouping<Group>): Rows {
  const starts = runningSums(groups.map(grouping.count))
  return {
    length: starts.at(-1) ?? 0,
    at(place) {
      const at = partAt(starts, place)
      const group = groups[at]
      return group === undefined ? undefined : grouping.row(group, place - (starts[at] ?? 0))
    },
    placeOf(id) {
      for (const [at, group] of groups.entries()) {
        const place = grouping.placeOf(group, id)
        if (place >= 0) return place + (starts[at] ?? 0)
      }
      return -1
    },
  }
}

/** Where each part begins, and where the last one ends. */
function runningSums(lengths: readonly number[]): number[] {
  const sums = [0]
  let sum = 0
  for (const length of lengths) {
    sum += length
    sums.push(sum)
  }
  return sums
}

/** Which part a place is in; -1 or past the last: in none. */
function partAt(starts: readonly number[], place: number): number {
  return firstPlace(0, starts.length, part => (starts[part] ?? 0) > place) - 1
}
