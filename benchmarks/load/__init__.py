"""The load: many thin websocket clients in one event loop, some of which listen closely."""
