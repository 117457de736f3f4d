// What a conversation is read and written with; fetched when it is needed (surface.js).
export { Composer } from "../talk/composer.js";
export { MessageLog } from "../talk/log.js";
