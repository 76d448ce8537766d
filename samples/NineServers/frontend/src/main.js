document.body.textContent = "frontend";
