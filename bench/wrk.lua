-- Prints what was measured as one line of JSON. With an argument, each connection waits so many milliseconds
-- on average before its next request, which keeps the load below saturation.

function init(args)
  local mean = tonumber(args[1] or 0)
  if mean > 0 then
    math.randomseed(20261123)
    delay = function() return math.random(0, 2 * mean) end
  end
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    'MEASURED {"requests": %d, "seconds": %.6f, "failed": %d, "p50_ms": %.3f, "p99_ms": %.3f, "p999_ms": %.3f, "max_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3))
end
