/** Explains an export to whoever unpacks it. */
export const EXPORT_README = `Everything this platform holds about one user.

profile.json             the user
*.ndjson                 one JSON object per line, one file per kind of data; times are UTC, zone_offset is in minutes
streams.ndjson           series: which source measured what, in which unit
points.ndjson            samples; stream_id names a line of streams.ndjson
daily-rollups.ndjson     figures per series and local date
events.ndjson            workouts, sleep and menstrual cycles; workouts.ndjson, sleep.ndjson and others hold their details
data-sources.ndjson      devices and apps the data came from
file-imports/            files that were imported, where they are still kept
uploads/                 uploads as they were received, where they are still kept; encoding gzip: unpack them

Tokens, keys and other secrets are not part of it.
`;
