// The framed messenger: first the bridge to the page around, then the messenger itself.
import { connect } from "./bridge.js";

await connect();
await import("../messenger/main.js");
