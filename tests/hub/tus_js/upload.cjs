// Uploads a file with tus-js-client, unchanged, to an address that was announced.
// node upload.cjs ADDRESS FILE CHUNK [STOP_AFTER]   prints one JSON object; STOP_AFTER cuts the
// first life off after that many bytes, and a second one resumes by the address alone.
const fs = require("fs");
const tus = require("tus-js-client");

const [address, file, chunk, stopAfter] = process.argv.slice(2);
const size = fs.statSync(file).size;
const seen = [];

function begin(stop) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(fs.createReadStream(file), {
      uploadUrl: address,
      uploadSize: size,
      chunkSize: Number(chunk),
      retryDelays: [0, 20, 100],
      onBeforeRequest: (request) => {
        seen.push(`${request.getMethod()} ${request.getHeader("Upload-Offset") ?? ""}`.trim());
      },
      onChunkComplete: (_, accepted) => {
        if (stop && accepted >= stop) upload.abort().then(() => resolve("cut"));
      },
      onError: reject,
      onSuccess: () => resolve("done"),
    });
    upload.start();
  });
}

(async () => {
  const first = await begin(stopAfter ? Number(stopAfter) : 0);
  const last = first === "cut" ? await begin(0) : first;
  console.log(JSON.stringify({ first, last, seen }));
})().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
