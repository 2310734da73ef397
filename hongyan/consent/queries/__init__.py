"""What can be read about consent. Every query takes a viewer and answers only what lies in the viewer's scope."""
