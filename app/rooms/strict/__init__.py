"""The strict parser: reads a Yjs update before the CRDT library sees a byte of it. Pure."""
