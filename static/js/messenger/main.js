// The customer's messenger: brings the markup of templates/messenger/_app.html to life.
import { Messenger } from "./app.js";

const root = document.getElementById("messenger");
if (root) new Messenger(root).start();
