namespace SaeNotebooks.Cli.Browsing;

/// <summary>What draws controls in Jupyter Notebook, and where their parts are found.</summary>
/// <param name="Name">what draws them</param>
/// <param name="File">the name in files' names</param>
/// <param name="HasExtension">whether Notebook loads its own widgets' extension</param>
/// <param name="Handle">selects what is dragged of a slider</param>
/// <param name="Number">an expression for the number beside the first slider</param>
/// <param name="Words">selects the box of a search</param>
/// <param name="Found">selects its list</param>
internal sealed record ControlsLook(string Name, string File, bool HasExtension, string Handle, string Number, string Words, string Found)
{
    /// <summary>Debian 12's widgets' extension, of ipywidgets 6.</summary>
    public static readonly ControlsLook Widgets6 = new("controls as widgets of ipywidgets 6", "widgets6", true,
        ".widget-slider .ui-slider-handle", "document.querySelector('.widget-readout').textContent", ".widget-text input", ".widget-select select");

    /// <summary>The manager of ipywidgets 8, put into the page.</summary>
    public static readonly ControlsLook Widgets8 = Widgets6 with { Name = "controls as widgets of ipywidgets 8", File = "widgets8", HasExtension = false, Handle = ".widget-slider .noUi-handle" };

    /// <summary>No widgets: the script in the output.</summary>
    public static readonly ControlsLook Page = new("controls drawn by the page", "page", false,
        ".sae-controls input[type=range]", "document.querySelector('.sae-controls input[type=number]').value", ".sae-controls input[type=search]", ".sae-controls select");
}
