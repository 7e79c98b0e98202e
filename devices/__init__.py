"""What is plugged in: card readers, cameras, code readers, printers."""
