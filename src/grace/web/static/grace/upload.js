// Sending a large file: shows how far it is, then that the server reads it. Without this script the form is sent as any other.
//   <form data-upload data-reading="TEXT" …> … <progress max="100" hidden></progress><span class="said" role="status"></span></form>
// The answer is a whole page, and takes the place of this one, as it would have without the script.
(() => {
  "use strict";

  function send(form, button) {
    const bar = form.querySelector("progress"), said = form.querySelector(".said");
    const request = new XMLHttpRequest();
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = Math.floor((100 * event.loaded) / event.total);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value"); // how long reading takes is not known
      said.textContent = form.dataset.reading;
    });
    request.addEventListener("load", () => {
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      bar.hidden = true;
      button.disabled = false;
      said.textContent = form.dataset.failed;
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]")) return;
    event.preventDefault();
    send(form, event.submitter || form.querySelector("button"));
  });
})();
