/** Peer IDs of nobody, to announce and to hear. */
export const [ANN, BEN, CID] = [
  '12D3KooWRfqP9fy1Pi3YdeJ6d4U5FZrdcMGr5B4Tk2XFuPtpVcQQ',
  '12D3KooWBkmJGH8hmQM1fuC7jEw2TKkxTsMQQ6B6wFC18RGnqfdJ',
  '12D3KooWBszzNQa2hNBS25JZavTMQ4NzrW3mfVoqnScf6MDwxdLk',
] as const
