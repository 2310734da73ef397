"""What can be read about customers. Every query takes a viewer and answers only what lies in the viewer's scope."""
