namespace SaeNotebooks.Cli.Browsing;

/// <summary>What draws controls in Jupyter Notebook, and where their parts are found.</summary>
/// <param name="Name">what draws them</param>
/// <param name="Handle">selects what is dragged of a slider</param>
/// <param name="Number">an expression for the number beside the first slider</param>
/// <param name="NumberBox">selects the box of a number without a slider, in Playwright's language</param>
/// <param name="Words">selects the box of a search, in the same</param>
/// <param name="Found">selects its list</param>
internal sealed record ControlsLook(string Name, string Handle, string Number, string NumberBox, string Words, string Found)
{
    /// <summary>Debian 12's widgets' extension, of ipywidgets 6.</summary>
    public static readonly ControlsLook Widgets6 = new("widgets of ipywidgets 6", ".widget-slider .ui-slider-handle",
        "document.querySelector('.widget-readout').textContent", ".widget-text input >> nth=1", ".widget-text input >> nth=0", ".widget-select select");

    /// <summary>The manager of ipywidgets 8, which JupyterLab and VS Code have, put into the page.</summary>
    public static readonly ControlsLook Widgets8 = Widgets6 with { Name = "widgets of ipywidgets 8", Handle = ".widget-slider .noUi-handle" };

    /// <summary>No widgets: the script in the output.</summary>
    public static readonly ControlsLook Page = new("the output's own script", ".sae-controls input[type=range]",
        "document.querySelector('.sae-controls input[type=number]').value", ".sae-controls label > input[type=number]:nth-child(2)", ".sae-controls input[type=search]",
        ".sae-controls select[size]");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ControlsLook> All => [Widgets6, Widgets8, Page];
}
